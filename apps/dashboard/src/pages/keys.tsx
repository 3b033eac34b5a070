/** API keys, for administrators: which there are, a new one (shown once), and deleting one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { SELLERS_PATTERN, sellersOf } from '../sellers-field.ts';
import { Asking } from '../ui/asking.tsx';
import { FormDialog, textOf } from '../ui/form-dialog.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { Table } from '../ui/table.tsx';
import { useFormat } from '../ui/use-format.ts';

const ROLES = ['read', 'submit', 'admin'] as const;

export function KeysPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const [dialog, setDialog] = useState<'new' | { id: string; name: string } | null>(null);
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => answered(api.GET('/v1/keys')) });
  return (
    <Page
      title={t('keys.title')}
      actions={
        <button type="button" className="primary" onClick={() => setDialog('new')}>
          {t('keys.new')}
        </button>
      }
    >
      <p className="quiet">{t('keys.lead')}</p>
      <Loaded query={keys}>
        {({ items }) => (
          <Table
            label={t('keys.title')}
            rows={items}
            rowKey={({ id }) => id}
            columns={[
              { title: t('keys.name'), cell: ({ name }) => name },
              { title: t('keys.role'), cell: ({ role }) => t(`keys.roles.${role}`) },
              {
                title: t('keys.sellers'),
                cell: ({ sellers }) => (sellers === 'all' ? t('keys.all') : sellers.join(', ')),
              },
              { title: t('keys.createdAt'), cell: ({ createdAt }) => format.instant(createdAt) },
              {
                title: t('keys.delete'),
                cell: ({ id, name }) => (
                  <button type="button" className="small danger" onClick={() => setDialog({ id, name })}>
                    {t('keys.delete')}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {dialog === 'new' && <NewKey onClose={() => setDialog(null)} />}
      {dialog !== null && dialog !== 'new' && <DeleteKey {...dialog} onClose={() => setDialog(null)} />}
    </Page>
  );
}

function NewKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const role = ROLES.find((each) => each === form.get('role')) ?? 'read';
      return answered(
        api.POST('/v1/keys', { body: { name: textOf(form, 'name'), role, sellers: sellersOf(form) } }),
      );
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  if (create.data !== undefined)
    return (
      <ShownOnce
        title={t('keys.created')}
        text={t('keys.shownOnce')}
        secret={create.data.key}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title={t('keys.new')}
      deed={t('keys.create')}
      doing={create}
      onSubmit={create.mutate}
      onClose={onClose}
    >
      <label className="field">
        <span>{t('keys.name')}</span>
        <input name="name" required maxLength={200} autoComplete="off" />
      </label>
      <label className="field">
        <span>{t('keys.role')}</span>
        <select name="role" defaultValue="read">
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`keys.roles.${role}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('keys.sellersHelp')}</span>
        <input name="sellers" autoComplete="off" pattern={SELLERS_PATTERN} />
      </label>
    </FormDialog>
  );
}

function DeleteKey({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => answered(api.DELETE('/v1/keys/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  return (
    <Asking
      title={t('keys.deleteTitle', { name })}
      deed={t('keys.delete')}
      doing={remove}
      onDo={remove.mutate}
      onClose={onClose}
    >
      <p>{t('keys.deleteText')}</p>
    </Asking>
  );
}
