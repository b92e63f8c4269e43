/** The same shapes the server accepts; anything subtler it says itself, beside the field. */
export const USERNAME_PATTERN = /^[A-Za-z0-9_-]{3,50}$/;
export const EMAIL_PATTERN = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
