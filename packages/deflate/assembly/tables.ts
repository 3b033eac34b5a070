// Tables in memory: how they are read and written.

export function u8At(table: usize, index: i32): i32 {
  return load<u8>(table + index);
}

export function setU8(table: usize, index: i32, value: i32): void {
  store<u8>(table + index, value);
}

export function u16At(table: usize, index: i32): u32 {
  return load<u16>(table + ((<usize>index) << 1));
}

export function setU16(table: usize, index: i32, value: u32): void {
  store<u16>(table + ((<usize>index) << 1), value);
}

export function u32At(table: usize, index: i32): u32 {
  return load<u32>(table + ((<usize>index) << 2));
}

export function setU32(table: usize, index: i32, value: u32): void {
  store<u32>(table + ((<usize>index) << 2), value);
}

export function countOne(table: usize, index: i32): void {
  setU32(table, index, u32At(table, index) + 1);
}
