// A module without a graph.
export default { name: 'nothing' };
