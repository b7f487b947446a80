/** Follows `PAGE_SCRIPT` and `FRAGMENT_SCRIPT`. */
export const RESET_PASSWORD_SCRIPT = `
const token = new URLSearchParams(takeFragment()).get('token');

const passwordForm = find('password-form');
const problemOf = ({ newPassword, repeatedPassword }) => {
  if ([...newPassword.value].length < newPassword.minLength)
    return ['newPassword', 'Must be at least ' + newPassword.minLength + ' characters'];
  if (newPassword.value !== repeatedPassword.value)
    return ['repeatedPassword', 'This is not the same as above'];
  return undefined;
};
onSubmit(passwordForm, async () => {
  sayNothing(passwordForm);
  const problem = problemOf(passwordForm.elements);
  if (problem) {
    say(passwordForm, ...problem);
    focusProblem(passwordForm);
    return;
  }
  const newPassword = passwordForm.elements.newPassword.value;
  const isSet = await send(passwordForm, passwordForm.dataset.path, { token, newPassword });
  if (!isSet) return;
  passwordForm.reset();
  show('done');
});

if (token) show('choose');
else endWith();
`
