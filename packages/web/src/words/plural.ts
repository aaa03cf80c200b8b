/** The forms of a word after a number, by the categories of Unicode's plural rules. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A choice of forms by a number, and the number as the language writes it, in place of `#`. */
export function pluralIn(locale: string): (count: number, forms: PluralForms) => string {
  // Made when they are first wanted: it takes some milliseconds, of which the start has none to spare.
  let rules: Intl.PluralRules | undefined;
  let numbers: Intl.NumberFormat | undefined;
  return (count, forms) => {
    rules ??= new Intl.PluralRules(locale);
    numbers ??= new Intl.NumberFormat(locale);
    return (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
  };
}
