/**
 * Sizes of files as people read them: two digits that count, in steps of 1024.
 *
 * @param units from bytes on.
 */
export function fileSizeIn(locale: string, units: readonly string[]): (bytes: number) => string {
  return (bytes) => {
    const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
    const value = bytes / 1024 ** step;
    const digits = { maximumFractionDigits: step > 0 && value < 10 ? 1 : 0 };
    return `${new Intl.NumberFormat(locale, digits).format(value)}\u00A0${units[step] ?? ''}`;
  };
}
