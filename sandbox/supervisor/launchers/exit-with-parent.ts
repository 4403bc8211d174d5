/** Preloaded into programs that are not ours: they end when the supervisor's channel ends. */
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 3_000).unref();
});
process.channel?.unref();
