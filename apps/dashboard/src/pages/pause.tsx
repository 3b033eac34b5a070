/** Stops and starts sending, for one seller or for all; accepting goes on. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answered, api } from '../api/client.ts';
import { overviewQuery } from '../api/overview.ts';
import { Failure } from '../ui/failure.tsx';

export function PauseAll() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const isPaused = useQuery(overviewQuery).data?.paused;
  const change = useMutation({
    mutationFn: () => answered(isPaused === true ? api.POST('/v1/resume') : api.POST('/v1/pause')),
    onSettled: () => queries.invalidateQueries(),
  });
  if (isPaused === undefined) return null;
  return (
    <>
      {change.error !== null && <Failure error={change.error} />}
      <button type="button" disabled={change.isPending} onClick={() => change.mutate()}>
        {t(isPaused ? 'pause.resumeAll' : 'pause.pauseAll')}
      </button>
    </>
  );
}

export function PauseSeller({ nip, isPaused }: { nip: string; isPaused: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const path = { params: { path: { nip } } };
  const change = useMutation({
    mutationFn: () =>
      answered(
        isPaused ? api.POST('/v1/sellers/{nip}/resume', path) : api.POST('/v1/sellers/{nip}/pause', path),
      ),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <>
      {change.error !== null && <Failure error={change.error} />}
      <button type="button" disabled={change.isPending} onClick={() => change.mutate()}>
        {t(isPaused ? 'pause.resume' : 'pause.pause')}
      </button>
    </>
  );
}
