import type { Contract } from '@snoop/sdk/contract'
import type { DomainContext } from '../../domain/domain-context'
import { createQrCode } from '../../domain/qr-codes/create-qr-code'
import { deleteQrCode } from '../../domain/qr-codes/delete-qr-code'
import { drawQrCode } from '../../domain/qr-codes/draw-qr-code'
import { getQrCode } from '../../domain/qr-codes/get-qr-code'
import { listQrCodes } from '../../domain/qr-codes/list-qr-codes'
import { updateQrCode } from '../../domain/qr-codes/update-qr-code'
import { FileAnswer, type Handlers } from '../../http/request-context'
import { presentList, toPageRequest } from './present-list'
import { presentQr } from './present-qr'

const CONTENT_TYPES = { png: 'image/png', svg: 'image/svg+xml' } as const

export const qrHandlers = (domain: DomainContext) =>
  ({
    listQrs: async ({ query }, { tenant }) => {
      const { items, total } = await listQrCodes(domain, tenant.organizationId, toPageRequest(query))
      const qrs = items.map(qrCode => presentQr(domain, qrCode))
      return presentList('qrs', qrs, total, query)
    },

    addQr: async ({ body: { name, url, ...design } }, { actor, tenant }) => {
      const input = { name, longUrl: url, design }
      return presentQr(domain, await createQrCode(domain, actor, tenant.organizationId, input))
    },

    getQr: async ({ params: { id } }, { tenant }) =>
      presentQr(domain, await getQrCode(domain, tenant.organizationId, id)),

    updateQr: async ({ params: { id }, body: { name, url, ...design } }, { actor, tenant }) => {
      const change = { name, longUrl: url, design }
      return presentQr(domain, await updateQrCode(domain, actor, tenant.organizationId, id, change))
    },

    deleteQr: async ({ params: { id } }, { actor, tenant }) => {
      await deleteQrCode(domain, actor, tenant.organizationId, id)
      return { id }
    },

    downloadQr: async ({ params: { id }, query: { format } }, { tenant }) => {
      const image = await drawQrCode(domain, tenant.organizationId, id, format)
      return new FileAnswer(CONTENT_TYPES[format], `qr-${id}.${format}`, image)
    },
  }) satisfies Partial<Handlers<Contract>['snipy']>
