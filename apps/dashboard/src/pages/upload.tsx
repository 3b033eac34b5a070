/** Handing invoices in: dropped or chosen files, how far they are, and why some were refused. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button, DropZone, FileTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { handIn, type Submitted } from '../api/hand-in.ts';
import { useSellers } from '../api/sellers.ts';
import { formatNip } from '../format.ts';
import { Failure } from '../ui/failure.tsx';
import { Page } from '../ui/page.tsx';
import { useFormat } from '../ui/use-format.ts';
import { Refused } from './refused.tsx';
import { batchesOf, isInvoiceFile } from './upload-batches.ts';

export function UploadPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const nips = useSellers().items?.map(({ nip: each }) => each) ?? [];
  const [chosen, setChosen] = useState('');
  const [isOffline, setOffline] = useState(false);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [idempotencyKey, setIdempotencyKey] = useState('');
  const [sentBytes, setSentBytes] = useState(0);
  // Only where there is no choice: invoices handed in for another seller would all be refused.
  const nip = chosen === '' && nips.length === 1 ? (nips[0] ?? '') : chosen;
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  const send = useMutation({
    mutationFn: async () => {
      const answers: Submitted[] = [];
      let before = 0;
      for (const [index, batch] of batchesOf(files).entries()) {
        const onProgress = (sent: number) => setSentBytes(before + sent);
        answers.push(
          await handIn({
            nip,
            files: batch,
            idempotencyKey: `${idempotencyKey}-${index}`,
            offline: isOffline,
            onProgress,
          }),
        );
        before += batch.reduce((sum, { size }) => sum + size, 0);
      }
      return answers;
    },
    onSuccess: () => {
      setFiles([]);
      setSentBytes(0);
      void queries.invalidateQueries({ queryKey: ['submissions'] });
    },
  });
  const add = (added: readonly File[]) => {
    send.reset();
    // Another choice is another call; the same one sent again after a failure gets its first answer.
    setIdempotencyKey(crypto.randomUUID());
    setFiles((before) => [...before, ...added.filter(({ name }) => isInvoiceFile(name))]);
  };
  return (
    <Page title={t('upload.title')}>
      <section className="card">
        <div className="filters">
          <label className="field">
            <span>{t('upload.seller')}</span>
            <input
              list="sellers"
              value={nip}
              inputMode="numeric"
              onChange={({ target }) => setChosen(target.value.replaceAll(/\D/g, ''))}
            />
          </label>
          <datalist id="sellers">
            {nips.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          <label className="row">
            <input
              type="checkbox"
              checked={isOffline}
              onChange={({ target }) => setOffline(target.checked)}
            />
            {t('upload.offline')}
          </label>
        </div>
        <DropZone
          className="drop"
          onDrop={async ({ items }) => {
            const dropped = await Promise.all(
              items.map((item) => (item.kind === 'file' ? item.getFile() : null)),
            );
            add(dropped.filter((file) => file !== null));
          }}
        >
          <p>{t('upload.drop')}</p>
          <FileTrigger
            allowsMultiple
            acceptedFileTypes={['.xml', '.zip']}
            onSelect={(list) => add(list === null ? [] : [...list])}
          >
            <Button>{t('upload.choose')}</Button>
          </FileTrigger>
          <p className="small-print">{t('upload.limits')}</p>
        </DropZone>
        {files.length > 0 && (
          <div className="row">
            <p>
              {t('upload.chosen', { count: files.length })} ({format.bytes(totalBytes)}), {formatNip(nip)}
            </p>
            <button
              type="button"
              className="primary"
              disabled={send.isPending || nip === ''}
              onClick={() => send.mutate()}
            >
              {t('upload.send')}
            </button>
            <button type="button" disabled={send.isPending} onClick={() => setFiles([])}>
              {t('common.cancel')}
            </button>
          </div>
        )}
        {send.isPending && (
          <div role="status">
            <p>{t(sentBytes < totalBytes ? 'upload.sending' : 'upload.checking')}</p>
            <progress
              max={totalBytes}
              value={Math.min(sentBytes, totalBytes)}
              aria-label={t('upload.sending')}
            />
          </div>
        )}
        {send.error !== null && <Failure error={send.error} />}
      </section>
      {send.data?.map((answer) => (
        <Result key={answer.submissionId} answer={answer} />
      ))}
    </Page>
  );
}

function Result({ answer }: { answer: Submitted }) {
  const { t } = useTranslation();
  const { submissionId, accepted, refused, invoices } = answer;
  return (
    <section className="card" aria-live="polite">
      <h2>{t('upload.accepted', { count: accepted })}</h2>
      {accepted > 0 && (
        <div>
          <Link className="button primary" to="/submissions/$id" params={{ id: submissionId }}>
            {t('upload.follow')}
          </Link>
        </div>
      )}
      {refused > 0 && <Refused invoices={invoices.filter(({ state }) => state === 'refused')} />}
    </section>
  );
}
