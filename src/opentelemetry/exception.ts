import type { Exception } from '@opentelemetry/api';

interface Failure {
  /** `error.type` */
  readonly type: string;
  readonly exception: Exclude<Exception, string> & { readonly message: string };
}

/**
 * What is told of what a body threw, which may be anything: `null`, an error of another realm, one whose
 * getters throw. All that is told are strings, and numbers as codes.
 */
export function exceptionOf(error: unknown): Failure {
  const message = read(error, 'message');
  if (typeof message !== 'string')
    return { type: typeof error, exception: { message: text(error) } };
  const [name, stack, code] = [read(error, 'name'), read(error, 'stack'), read(error, 'code')];
  const type = typeof name === 'string' && name !== '' ? name : 'Error';
  return {
    type,
    exception: {
      name: type,
      message,
      ...(typeof stack === 'string' && { stack }),
      ...((typeof code === 'string' || typeof code === 'number') && { code }),
    },
  };
}

function read(error: unknown, name: string): unknown {
  try {
    return (error as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

function text(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'a value that cannot be printed';
  }
}
