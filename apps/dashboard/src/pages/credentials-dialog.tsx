/** Adding or replacing a seller's credentials: a KSeF token, or a certificate with its key in PEM or PKCS#12. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Schemas } from '@wsad/client';
import { useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { may, sessionQuery } from '../api/session.ts';
import { FormDialog, textOf } from '../ui/form-dialog.tsx';
import { base64Of } from './base64.ts';

type Credentials = Schemas['SellerCredentialsInput'];
type Kind = 'ksefToken' | 'pem' | 'pkcs12' | 'shared';

interface CredentialsDialogProps {
  /** Null where the seller is new. */
  readonly nip: string | null;
  readonly onClose: () => void;
}

export function CredentialsDialog({ nip, onClose }: CredentialsDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [kind, setKind] = useState<Kind>('ksefToken');
  const isAdministrator = may(useQuery(sessionQuery).data, 'administrator');
  const put = useMutation({
    mutationFn: async (form: FormData) => {
      const seller = nip ?? textOf(form, 'nip').replaceAll(/\D/g, '');
      const body = await credentialsOf(kind, form);
      await answered(api.PUT('/v1/sellers/{nip}/credentials', { params: { path: { nip: seller } }, body }));
      return seller;
    },
    onSuccess: async (seller) => {
      onClose();
      await queries.invalidateQueries();
      await navigate({ to: '/connection/$nip', params: { nip: seller } });
    },
  });
  return (
    <FormDialog
      title={t(nip === null ? 'credentials.add' : 'credentials.replace')}
      deed={t('credentials.save')}
      doing={put}
      onSubmit={put.mutate}
      onClose={onClose}
    >
      {nip === null && (
        <label className="field">
          <span>{t('credentials.nip')}</span>
          <input name="nip" inputMode="numeric" required pattern="[0-9 \-]{10,13}" autoComplete="off" />
        </label>
      )}
      <Tabs selectedKey={kind} onSelectionChange={(key) => setKind(key as Kind)} className="stack">
        <TabList className="tabs" aria-label={t('credentials.kind')}>
          <Tab id="ksefToken">{t('credentials.ksefToken')}</Tab>
          <Tab id="pem">{t('credentials.pem')}</Tab>
          <Tab id="pkcs12">{t('credentials.pkcs12')}</Tab>
          {isAdministrator && <Tab id="shared">{t('credentials.shared')}</Tab>}
        </TabList>
        <TabPanel id="ksefToken" className="stack">
          <label className="field">
            <span>{t('credentials.token')}</span>
            <input name="token" type="password" required maxLength={4000} autoComplete="off" />
          </label>
          <p className="small-print">{t('credentials.tokenHelp')}</p>
        </TabPanel>
        <TabPanel id="pem" className="stack">
          <FileField name="certificate" label={t('credentials.certificate')} accept=".pem,.crt,.cer" />
          <FileField name="privateKey" label={t('credentials.privateKey')} accept=".pem,.key" />
          <Passphrase />
        </TabPanel>
        <TabPanel id="pkcs12" className="stack">
          <FileField name="file" label={t('credentials.file')} accept=".p12,.pfx" />
          <Passphrase />
        </TabPanel>
        <TabPanel id="shared" className="stack">
          <label className="field">
            <span>{t('credentials.sharedName')}</span>
            <input name="name" required maxLength={64} autoComplete="off" />
          </label>
          <p className="small-print">{t('credentials.sharedHelp')}</p>
        </TabPanel>
      </Tabs>
      <p className="small-print">{t('credentials.safe')}</p>
    </FormDialog>
  );
}

function FileField({ name, label, accept }: { name: string; label: string; accept: string }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input name={name} type="file" accept={accept} required />
    </label>
  );
}

function Passphrase() {
  const { t } = useTranslation();
  return (
    <label className="field">
      <span>{t('credentials.passphrase')}</span>
      <input name="passphrase" type="password" autoComplete="off" />
    </label>
  );
}

async function credentialsOf(kind: Kind, form: FormData): Promise<Credentials> {
  const passphrase = textOf(form, 'passphrase');
  const secret = passphrase === '' ? {} : { passphrase };
  switch (kind) {
    case 'ksefToken':
      return { type: 'ksefToken', token: textOf(form, 'token') };
    case 'shared':
      return { type: 'shared', name: textOf(form, 'name') };
    case 'pem': {
      const [certificatePem, privateKeyPem] = await Promise.all([
        fileOf(form, 'certificate').text(),
        fileOf(form, 'privateKey').text(),
      ]);
      return { type: 'certificate', certificatePem, privateKeyPem, ...secret };
    }
    case 'pkcs12': {
      const bytes = new Uint8Array(await fileOf(form, 'file').arrayBuffer());
      return { type: 'certificate', pkcs12: base64Of(bytes), ...secret };
    }
  }
}

function fileOf(form: FormData, name: string): Blob {
  const file = form.get(name);
  return file instanceof Blob ? file : new Blob();
}
