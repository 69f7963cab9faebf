// Graphs as text, from what was stored or sent of them as well: for pages, without what runs them. No graph and no frame.

export { type DrawableGraph, type DrawableLink, type DrawableNode, dotOf, mermaidOf } from '../graph/draw.ts';
