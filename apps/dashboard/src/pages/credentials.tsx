/** The dialog for credentials, whose code is loaded when somebody opens it. */
import { type ComponentProps, lazy, Suspense } from 'react';

const Loaded = lazy(async () => ({ default: (await import('./credentials-dialog.tsx')).CredentialsDialog }));

export function Credentials(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
}
