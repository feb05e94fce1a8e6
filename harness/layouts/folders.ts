/** The folders directly below the set, each with the names of its own files; folders that hold only folders are left out. */
export function filesByFolder(files: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const [folder, name, ...deeper] = file.split('/');
    if (folder === undefined || name === undefined || deeper.length > 0) continue;
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [name]);
    else names.push(name);
  }
  return folders;
}

/**
 * Ids for migrations that their tool knows by whole names: the number in front where only one name has it, else the name.
 */
export function prefixIds(names: readonly string[]): (name: string) => string {
  const uses = new Map<string, number>();
  for (const name of names) {
    const prefix = prefixOf(name);
    if (prefix !== undefined) uses.set(prefix, (uses.get(prefix) ?? 0) + 1);
  }
  return (name) => {
    const prefix = prefixOf(name);
    return prefix !== undefined && uses.get(prefix) === 1 ? prefix : name;
  };
}

function prefixOf(name: string): string | undefined {
  return /^\d+(?=_)/.exec(name)?.[0];
}
