// Atlaskit's lozenge asks for the pressable that adds style elements while it runs; this is the one whose styles are in a file.
export { Pressable as default } from '@atlaskit/primitives/compiled/pressable';
