/**
 * Preloaded into programs that are not ours, and into what they fork: they end when the channel to their parent ends.
 * The channel stays referenced: what Next forks waits for its orders on it, with nothing else to keep it alive.
 */
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 3_000).unref();
});
