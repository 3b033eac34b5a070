/** What a reading thread posts once it has loaded its modules. */
export const READER_LOADED = 'ksef-emulator-reader-loaded';
