export * from './exceptions.ts';
export * from './invoices.ts';
export * from './logins.ts';
export * from './sessions.ts';
export * from './shapes.ts';
