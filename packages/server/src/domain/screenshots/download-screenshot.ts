import type { DomainContext } from '../domain-context'
import { DomainError } from '../domain-error'
import { screenshotNotFound } from './screenshot-not-found'

const NOT_DONE =
  'This screenshot has not been taken yet; ask for its status and download it when that is done'

/** @returns a PNG. @throws DomainError NOT_FOUND; CONFLICT if it is not taken yet, or failed */
export const downloadScreenshot = async (
  { storage }: DomainContext,
  organizationId: string,
  id: string,
): Promise<Buffer> => {
  const screenshot = await storage.screenshots.findWhole(organizationId, id)
  if (!screenshot) throw screenshotNotFound()
  const { status, error, image_base64 } = screenshot
  if (status === 'failed')
    throw new DomainError('CONFLICT', {
      message: `This screenshot failed: ${error ?? 'it is not known why'}`,
    })
  if (image_base64 === null) throw new DomainError('CONFLICT', { message: NOT_DONE })
  return Buffer.from(image_base64, 'base64')
}
