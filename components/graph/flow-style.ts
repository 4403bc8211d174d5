/** On every `<ReactFlow>`: our surface behind it, and its attribution small but readable (it stays: it is their due). */
export const flowStyle =
  'bg-transparent [&_.react-flow__attribution]:bg-transparent [&_.react-flow__attribution]:px-1 [&_.react-flow__attribution_a]:text-xs [&_.react-flow__attribution_a]:text-tertiary';
