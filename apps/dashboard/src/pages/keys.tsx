/** API keys, for administrators: which there are, a new one (shown once), and deleting one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Page } from '../ui/page.tsx';
import { Scroll } from '../ui/scroll.tsx';
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
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t('common.none')}</p>
          ) : (
            <Scroll label={t('keys.title')}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t('keys.name')}</th>
                    <th scope="col">{t('keys.role')}</th>
                    <th scope="col">{t('keys.sellers')}</th>
                    <th scope="col">{t('keys.createdAt')}</th>
                    <th scope="col">{t('keys.delete')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map(({ id, name, role, sellers, createdAt }) => (
                    <tr key={id}>
                      <td>{name}</td>
                      <td>{t(`keys.roles.${role}`)}</td>
                      <td>{sellers === 'all' ? t('keys.all') : sellers.join(', ')}</td>
                      <td>{format.instant(createdAt)}</td>
                      <td>
                        <button
                          type="button"
                          className="small danger"
                          onClick={() => setDialog({ id, name })}
                        >
                          {t('keys.delete')}
                        </button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )
        }
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
      const nips = String(form.get('sellers')).match(/\d{10}/g) ?? [];
      const role = ROLES.find((each) => each === form.get('role')) ?? 'read';
      const sellers = nips.length === 0 ? ('all' as const) : nips;
      return answered(api.POST('/v1/keys', { body: { name: String(form.get('name')), role, sellers } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(new FormData(event.currentTarget));
  };
  if (create.data !== undefined)
    return (
      <Dialog title={t('keys.created')} onClose={onClose}>
        <p>{t('keys.shownOnce')}</p>
        <pre className="document">{create.data.key}</pre>
        <div>
          <button type="button" className="primary" onClick={onClose}>
            {t('common.close')}
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={t('keys.new')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
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
          <input name="sellers" autoComplete="off" pattern="[0-9 ,;]*" />
        </label>
        {create.error !== null && <Failure error={create.error} />}
        <div className="row">
          <button type="submit" className="primary" disabled={create.isPending}>
            {t('keys.create')}
          </button>
          <button type="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
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
    <Dialog title={t('keys.deleteTitle', { name })} onClose={onClose}>
      <p>{t('keys.deleteText')}</p>
      {remove.error !== null && <Failure error={remove.error} />}
      <div className="row">
        <button type="button" className="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t('keys.delete')}
        </button>
        <button type="button" onClick={onClose}>
          {t('common.cancel')}
        </button>
      </div>
    </Dialog>
  );
}
