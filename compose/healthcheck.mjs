/** Is the service in this container ready? For images without a shell. Ends 0 when it is. */
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
