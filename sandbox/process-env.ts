/** Variables for a child process. Next's type declarations demand NODE_ENV of every environment; a child needs none. */
export function processEnv(variables: Record<string, string>): NodeJS.ProcessEnv {
  return variables as unknown as NodeJS.ProcessEnv;
}
