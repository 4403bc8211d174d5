/** Is the process in this container ready? For images without a shell. Ends 0 when it is. The path may be an argument. */
const path = process.argv[2] ?? '/health/ready';
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}${path}`).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
