/** Identifiers, addresses and bytes that computers made: another one of the same form. */
import type { Keyed } from './keyed.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID with hyphens. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Another UUID of the same version and case; the nil and the max UUID stay. */
export function maskUuid(keyed: Keyed, domain: string, text: string): string {
  const plain = text.toLowerCase().replaceAll('-', '');
  if (/^(0{32}|f{32})$/.test(plain)) return text;
  const made = keyed.bytes(16, 'uuid', domain, plain).toString('hex');
  const hex = `${made.slice(0, 12)}${plain[12]}${made.slice(13, 16)}${plain[16]}${made.slice(17)}`;
  const masked = [0, 8, 12, 16, 20].map((from, at) => hex.slice(from, [8, 12, 16, 20, 32][at])).join('-');
  return text === text.toUpperCase() ? masked.toUpperCase() : masked;
}

/** As many bytes, as hex digits. */
export function maskHex(keyed: Keyed, domain: string, hex: string): string {
  return keyed.bytes(hex.length / 2, 'bytes', domain, hex.toLowerCase()).toString('hex');
}

/** As many bits. */
export function maskBits(keyed: Keyed, domain: string, bits: string): string {
  if (bits === '') return bits;
  if (bits.length <= 64) {
    const size = 1n << BigInt(bits.length);
    return keyed
      .permute(size, BigInt(`0b${bits}`), 'bits', domain, String(bits.length))
      .toString(2)
      .padStart(bits.length, '0');
  }
  const stream = keyed.bytes(bits.length, 'bits', domain, bits);
  return Array.from(bits, (_, at) => String((stream[at] ?? 0) & 1)).join('');
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/** Whether a text is an IPv4 or IPv6 address, with or without a prefix length. */
export function isAddress(text: string): boolean {
  return IPV4.test(text) || (/^[0-9a-f:.]+(?:\/\d{1,3})?$/i.test(text) && (text.match(/:/g)?.length ?? 0) >= 2);
}

/** Another address of the same family and prefix length; what the prefix leaves as zero (a network) stays zero. */
export function maskAddress(keyed: Keyed, domain: string, text: string): string {
  const four = IPV4.exec(text);
  if (four !== null) {
    const value = four.slice(1, 5).reduce((sum, part) => sum * 256n + BigInt(part ?? '0'), 0n);
    const free = freeBits(value, 32, four[5]);
    const size = 1n << BigInt(32 - free);
    const moved = keyed.permute(size, value >> BigInt(free), 'ipv4', domain, String(free)) << BigInt(free);
    const shown = [24n, 16n, 8n, 0n].map((shift) => String((moved >> shift) & 255n)).join('.');
    return four[5] === undefined ? shown : `${shown}/${four[5]}`;
  }
  const [address = '', prefix] = text.split('/');
  const bits = prefix === undefined ? 128 : Number(prefix);
  const made = BigInt(`0x${keyed.bytes(16, 'ipv6', domain, address.toLowerCase()).toString('hex')}`);
  const network = (made >> BigInt(128 - bits)) << BigInt(128 - bits);
  const hex = network.toString(16).padStart(32, '0');
  const groups = Array.from({ length: 8 }, (_, at) => hex.slice(at * 4, at * 4 + 4).replace(/^0{1,3}/, ''));
  return prefix === undefined ? groups.join(':') : `${groups.join(':')}/${prefix}`;
}

/** How many low bits are zero because the prefix says so. */
function freeBits(value: bigint, width: number, prefix: string | undefined): number {
  if (prefix === undefined) return 0;
  const free = Math.min(width, Math.max(0, width - Number(prefix)));
  return value % (1n << BigInt(free)) === 0n ? free : 0;
}

/** Another hardware address, in the same notation. */
export function maskHardware(keyed: Keyed, domain: string, text: string): string {
  const plain = text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  const made = Array.from(maskHex(keyed, `${domain}/mac`, plain));
  return text.replaceAll(/[0-9a-f]/gi, () => made.shift() ?? '0');
}

/** An account number of the same country and length whose check digits are right. */
export function maskIban(maskBody: (body: string) => string, text: string): string {
  const match = /^([A-Z]{2})(\d\d)([A-Z0-9]{8,30})$/.exec(text.replaceAll(' ', ''));
  if (match === null) return maskBody(text);
  const [, country = '', , body = ''] = match;
  const masked = maskBody(body);
  const digits = Array.from(`${masked}${country}00`, (character) => parseInt(character, 36).toString()).join('');
  const check = (98n - (BigInt(digits) % 97n)).toString().padStart(2, '0');
  const made = Array.from(`${country}${check}${masked}`);
  return text.replaceAll(/\S/g, () => made.shift() ?? '');
}
