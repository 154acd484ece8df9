declare module 'virtual:catalogue/en' {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}
declare module 'virtual:catalogue/fr' {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}
