/** Own rules for oxlint. */

/** What a module remembers would be shared between workflows, and differ after a replay. */
const keinZustand = {
  create: (context) => ({
    'Program > VariableDeclaration[kind="let"]': (node) =>
      context.report({ node, message: 'No state in a module: it is shared between workflows and lost in a replay.' }),
    'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]': (node) =>
      context.report({ node, message: 'No state in a module: it is shared between workflows and lost in a replay.' }),
  }),
}

export default { meta: { name: 'vorgang' }, rules: { 'kein-zustand': keinZustand } }
