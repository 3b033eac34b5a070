/** A form in front of the page: what somebody filled in goes as it is to whoever opened it. */
import type { UseMutationResult } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';

interface FormDialogProps {
  readonly title: string;
  /** What the button that sends it says. */
  readonly deed: string;
  readonly doing: Pick<UseMutationResult, 'error' | 'isPending'>;
  readonly onSubmit: (form: FormData) => void;
  readonly onClose: () => void;
  /** What else can be done with it. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function FormDialog({ title, deed, doing, onSubmit, onClose, actions, children }: FormDialogProps) {
  const { t } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {children}
        {doing.error !== null && <Failure error={doing.error} />}
        <div className="row">
          <button type="submit" className="primary" disabled={doing.isPending}>
            {deed}
          </button>
          {actions}
          <button type="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What is written in a field; empty where there is none of that name. */
export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}
