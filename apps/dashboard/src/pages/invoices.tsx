/** All invoices, narrowed by what the address says, so that a search can be passed on as a link. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { INVOICE_STATES } from '@wsad/client';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { usePages } from '../api/pages.ts';
import { type InvoiceSearch, invoiceSearch } from '../invoice-search.ts';
import { StateChip } from '../ui/chip.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';

const TEXT_FILTERS = ['nip', 'invoiceNumber', 'ksefNumber', 'buyer'] as const;
const DAY_FILTERS = ['from', 'to'] as const;

export function InvoicesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: '/inside/invoices' });
  const navigate = useNavigate();
  const { items, error, onEnd } = usePages(
    ['invoices', search],
    (cursor) =>
      answered(api.GET('/v1/invoices', { params: { query: { limit: 200, ...search, ...cursor } } })),
    { everyMs: 10_000 },
  );
  return (
    <Page title={t('invoices.title')}>
      <Filters search={search} />
      <Loaded query={{ data: items, error }}>
        {(rows) => (
          <VirtualTable
            label={t('invoices.title')}
            rows={rows}
            rowKey={({ id }) => id}
            onEnd={onEnd}
            onOpen={({ id }) => void navigate({ to: '/invoices/$id', params: { id } })}
            columns={[
              {
                title: t('invoices.number'),
                width: 'minmax(8rem, 1.2fr)',
                cell: ({ id, invoiceNumber }) => (
                  <Link to="/invoices/$id" params={{ id }}>
                    {invoiceNumber}
                  </Link>
                ),
              },
              {
                title: t('invoices.state'),
                width: '9.5rem',
                cell: ({ state }) => <StateChip of="invoice" state={state} />,
              },
              {
                title: t('invoices.issued'),
                width: '6.5rem',
                isMinor: true,
                cell: ({ issueDate }) => issueDate,
              },
              {
                title: t('invoices.buyer'),
                width: 'minmax(7rem, 1.3fr)',
                isMinor: true,
                cell: ({ buyerName, buyerNip }) => buyerName ?? buyerNip ?? '—',
              },
              {
                title: t('invoices.gross'),
                width: '8rem',
                isNumber: true,
                isMinor: true,
                cell: ({ grossAmount, currency }) =>
                  grossAmount === null ? '—' : format.amount(grossAmount, currency),
              },
              {
                title: t('invoices.ksefNumber'),
                width: '20.5rem',
                isMinor: true,
                cell: ({ ksefNumber }) => <span className="mono">{ksefNumber ?? '—'}</span>,
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Filters({ search }: { search: InvoiceSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = (name: keyof InvoiceSearch, value: string) =>
    void navigate({ to: '/invoices', search: invoiceSearch({ ...search, [name]: value }), replace: true });
  return (
    <search className="filters">
      {TEXT_FILTERS.map((name) => (
        <label key={name} className="field">
          <span>{t(`invoices.filter.${name}`)}</span>
          <input
            defaultValue={search[name] ?? ''}
            key={search[name] ?? ''}
            onBlur={({ target }) => narrow(name, target.value)}
            onKeyDown={({ key, currentTarget }) => key === 'Enter' && narrow(name, currentTarget.value)}
          />
        </label>
      ))}
      <label className="field">
        <span>{t('invoices.filter.state')}</span>
        <select value={search.state ?? ''} onChange={({ target }) => narrow('state', target.value)}>
          <option value="">{t('invoices.filter.any')}</option>
          {INVOICE_STATES.map((state) => (
            <option key={state} value={state}>
              {t(`state.invoice.${state}`)}
            </option>
          ))}
        </select>
      </label>
      {DAY_FILTERS.map((name) => (
        <label key={name} className="field">
          <span>{t(`invoices.filter.${name}`)}</span>
          <input
            type="date"
            value={search[name] ?? ''}
            onChange={({ target }) => narrow(name, target.value)}
          />
        </label>
      ))}
      <div className="row">
        <Link className="button" to="/invoices" search={{}}>
          {t('invoices.filter.clear')}
        </Link>
      </div>
    </search>
  );
}
