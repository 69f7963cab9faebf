// Which plugins are installed, read from their manifests. Files only: nothing of a plugin is imported or run here.

export { listPlugins, PLUGIN_KEYWORD, type PluginListing } from './list-plugins.ts';
export type { PluginDriver, PluginModel, PluginNode } from './plugin-manifest.ts';
