import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const OTHERS_WRITE = 0o002;
const GROUP_OR_OTHERS_WRITE = 0o022;
/** In such a folder, as `/tmp` is, only its owner can remove or rename an entry. */
const STICKY = 0o1000;

/** Windows has no such numbers: there, everything is trusted. */
const user = process.geteuid?.();

interface Trust {
  isOwner(owner: number): boolean;
  /** Whether a folder need not be looked at. */
  isPassed(folder: string): boolean;
  isMode(stats: Stats): boolean;
}

const isUserOrRoot = (owner: number): boolean => owner === user || owner === 0;
const isSafeMode = (stats: Stats): boolean =>
  (stats.mode & OTHERS_WRITE) === 0 || (stats.isDirectory() && (stats.mode & STICKY) !== 0);

/**
 * Whether only the user and root can change what stands at a path: it, each link on the way and
 * each folder above it are theirs, and not everybody can write there. What is not there is
 * nobody's. Groups are not looked at: many systems give each user one, and make its files
 * writable for it.
 */
export const isTrusted = (path: string): boolean =>
  isGuarded(path, { isOwner: isUserOrRoot, isPassed: () => false, isMode: isSafeMode });

/**
 * Whether a path may decide what code runs: trusted as above, or changed by nobody who cannot
 * change the files of this package, too. Root in a container runs a project that belongs to the
 * user outside; a build's workspace may be writable by everybody, down to this package: to refuse
 * either would break it and protect nothing.
 */
export function mayDecideCode(path: string): boolean {
  if (user === undefined) return true;
  const { owners, folders, mode, device } = lookAtOurselves();
  return isGuarded(path, {
    isOwner: (owner) => isUserOrRoot(owner) || owners.has(owner),
    isPassed: (folder) => folders.has(folder),
    // Some file systems know no modes: whatever stands there is writable by all.
    isMode: (stats) => isSafeMode(stats) || ((mode & OTHERS_WRITE) !== 0 && device === stats.dev),
  });
}

/** Whether it is a folder, and no link, that nobody but the user can have put anything into. */
export function isOwnFolder(path: string): boolean {
  const stats = look(path);
  if (!stats?.isDirectory()) return false;
  return user === undefined || (stats.uid === user && (stats.mode & GROUP_OR_OTHERS_WRITE) === 0);
}

/** For messages: what to do about a path that `mayDecideCode` refuses. */
export const TRUST_REMEDY =
  'Let it, and the folders above it, belong to you or root and be writable by nobody else.';

function isGuarded(path: string, trust: Trust): boolean {
  if (user === undefined) return true;
  const real = realPath(path);
  return isWayGuarded(path, trust) && (real === path || isWayGuarded(real, trust));
}

function isWayGuarded(path: string, { isOwner, isPassed, isMode }: Trust): boolean {
  // Not the root of all folders: in some sandboxes it is nobody's.
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if (isPassed(at)) return true;
    const stats = look(at);
    if (stats === undefined) continue;
    if (!isOwner(stats.uid) || !(stats.isSymbolicLink() || isMode(stats))) return false;
  }
  return true;
}

interface Ourselves {
  /** Above this file. */
  readonly folders: ReadonlySet<string>;
  /** Of this file and of those folders. */
  readonly owners: ReadonlySet<number>;
  readonly mode: number;
  readonly device: number;
}

let ourselves: Ourselves | undefined;

function lookAtOurselves(): Ourselves {
  if (ourselves !== undefined) return ourselves;
  const file = fileURLToPath(import.meta.url);
  const { uid, mode, dev: device } = look(file) ?? { uid: 0, mode: 0, dev: 0 };
  const folders = new Set<string>();
  const owners = new Set([uid]);
  for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
    folders.add(at);
    owners.add(look(at)?.uid ?? 0);
  }
  return (ourselves = { folders, owners, mode, device });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** `undefined` for what is not there, or what Node's permissions do not show. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
