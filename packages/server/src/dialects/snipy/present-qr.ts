import type { SnipyQr } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import type { QrCode } from '../../domain/qr-codes/qr-code'
import { shortUrl } from '../../domain/short-links/short-link'
import { toTimestamp } from '../../http/timestamp'

export const presentQr = (domain: DomainContext, qrCode: QrCode): SnipyQr => ({
  id: qrCode.number,
  name: qrCode.name,
  url: shortUrl(domain, qrCode.alias),
  scans: qrCode.clicks,
  date: toTimestamp(qrCode.created_at),
})
