/** A question before something is done that cannot be taken back easily: the deed, or leaving it. */
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';

interface AskingProps {
  readonly title: string;
  /** What the button that does it says. */
  readonly deed: string;
  readonly look?: 'primary' | 'danger';
  readonly doing: Pick<UseMutationResult, 'error' | 'isPending'>;
  readonly onDo: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Asking({ title, deed, look = 'danger', doing, onDo, onClose, children }: AskingProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {doing.error !== null && <Failure error={doing.error} />}
      <div className="row">
        <button type="button" className={look} disabled={doing.isPending} onClick={() => onDo()}>
          {deed}
        </button>
        <button type="button" onClick={onClose}>
          {t('common.cancel')}
        </button>
      </div>
    </Dialog>
  );
}
