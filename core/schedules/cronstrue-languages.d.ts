// A language adds itself to cronstrue when it is imported, and comes without types.
declare module 'cronstrue/locales/zh_CN.js';
