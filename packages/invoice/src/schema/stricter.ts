/**
 * A schema for the first look: what nearly every invoice holds is told from all else in less time, as a short text instead of as
 * a number with facets. It may refuse what the official schema takes, for a second look follows then; it must never
 * take what that refuses.
 */

/** Without a count in it, of which libxml2 keeps account for each character. */
const upTo = (digits: number) => '[0-9]'.concat('[0-9]?'.repeat(digits - 1));

/** Fewer digits than any amount may have, with its sign and its point. */
const AMOUNT_LENGTH_MAX = 12;
const AMOUNT =
  /<xsd:restriction base="xsd:decimal">\s*<xsd:totalDigits value="\d\d"\/>\s*<xsd:fractionDigits value="\d"\/>\s*<xsd:pattern value="-\?\(\[1-9\]\\d\{0,1\d\}\|0\)\(\\\.\\d\{1,(\d)\}\)\?"\/>/g;

/** `01` is 1 to the official schema. */
const CHOICE = /<xsd:restriction base="xsd:(?:byte|integer)">(?=\s*<xsd:enumeration)/g;

/** The official schema allows 14 digits. */
const NUMBER_LENGTH_MAX = 12;
const POSITIVE = /<xsd:restriction base="etd:TNaturalny">\s*<xsd:minExclusive value="0"\/>/g;

export function stricter(schema: string): string {
  return schema
    .replace(AMOUNT, (_, decimals) =>
      text(`-?(0|[1-9][0-9]*)(\\.${upTo(Number(decimals))})?`, AMOUNT_LENGTH_MAX),
    )
    .replace(CHOICE, '<xsd:restriction base="xsd:token">')
    .replace(POSITIVE, text('[1-9][0-9]*', NUMBER_LENGTH_MAX));
}

function text(pattern: string, lengthMax: number): string {
  return `<xsd:restriction base="xsd:token"><xsd:maxLength value="${lengthMax}"/><xsd:pattern value="${pattern}"/>`;
}
