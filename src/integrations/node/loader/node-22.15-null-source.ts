/**
 * Node 22.15 to 22.22.0, 23.11, and 24.4 to 24.11.0. Beside a loader of `module.register` (Sentry,
 * OpenTelemetry, tsx) these versions refuse, in front of any hook of `module.registerHooks`, what such a loader gives for
 * CommonJS: no source, which says that `require` reads it. Found by what happens, not by the version.
 */
export function isNullSource(error: unknown, format: string | null | undefined): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    code === 'ERR_INVALID_RETURN_PROPERTY_VALUE' &&
    (format ?? 'commonjs').startsWith('commonjs') &&
    /"source" from the "load" .* got (?:null|undefined)\b/.test(String(message))
  );
}
