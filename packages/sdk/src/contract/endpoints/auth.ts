import { emailAddressEndpoints } from './email-address'
import { passwordEndpoints } from './password'
import { sessionEndpoints } from './sessions'
import { signInEndpoints } from './sign-in'

/** Who one is, and how that is proved. */
export const authEndpoints = {
  ...signInEndpoints,
  ...sessionEndpoints,
  ...emailAddressEndpoints,
  ...passwordEndpoints,
}
