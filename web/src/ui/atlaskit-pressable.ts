// Atlaskit's lozenge asks for the pressable that writes <style> elements; this is the one whose styles are in a file.
export { Pressable as default } from '@atlaskit/primitives/compiled/pressable';
