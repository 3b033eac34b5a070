export type { Config, Role } from './config.ts';
export { ConfigError } from './config-error.ts';
export { writableFolder } from './data-dir.ts';
export { describe } from './describe.ts';
export { type Environment, readConfig, readProcessConfig } from './read-config.ts';
export { resolveSecrets, type Secrets } from './secrets.ts';
export { type Variable, type VariableName, variables } from './variables.ts';
