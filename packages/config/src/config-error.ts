import { type VariableName, variables } from './variables.ts';

/** Stops the start. The message is one line that names the variable; it never holds the value, which may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly variable: string;

  constructor(variable: string, message: string) {
    super(message);
    this.variable = variable;
  }
}

export function refuse(name: VariableName, complaint: string): ConfigError {
  return new ConfigError(name, `${name} ${complaint}, for example ${name}=${variables[name].example}`);
}
