import { AppError, isAppError } from '#contracts/errors.ts';

/** Translates fastify's own errors into our closed codes. */
export function fromFastify(error: unknown): unknown {
  if (isAppError(error) || typeof error !== 'object' || error === null || !('code' in error)) return error;
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('unsupported_media_type', 'the body must be application/json', { cause: error });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('payload_too_large', 'the body is larger than accepted here', { cause: error });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError('invalid_argument', 'the body is not valid JSON', { cause: error });
    case 'FST_ERR_BAD_URL':
      return new AppError('invalid_argument', 'the path is not a valid URL', { cause: error });
    default:
      return 'statusCode' in error && error.statusCode === 400
        ? new AppError('invalid_argument', 'the request could not be read', { cause: error })
        : error;
  }
}
