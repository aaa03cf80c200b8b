import sharp from 'sharp';

/** What a camera writes into its images. */
export const CAMERA_WORDS = 'the words of the camera';

/** A photo with what a camera writes into it, and turned by a quarter, so that its sides change places. */
export async function photo(width = 600, height = 400, colour = '#2a7f62'): Promise<Buffer> {
  const ground = { width, height, channels: 3 as const, background: colour };
  const spot = Buffer.from(
    `<svg width="${width}" height="${height}"><circle cx="30%" cy="40%" r="25%" fill="#f2c14e"/><rect x="55%" y="50%" width="35%" height="40%" fill="#1b4965"/></svg>`,
  );
  return sharp({ create: ground })
    .composite([{ input: spot }])
    .withExif({ IFD0: { Artist: CAMERA_WORDS } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

/** An image of one colour. */
export async function plainImage(
  format: 'png' | 'webp' | 'gif' | 'avif' | 'tiff',
  width = 64,
  height = 48,
): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#c33' } })
    .toFormat(format)
    .toBuffer();
}

/** What an image says of itself, and whether its pixels can be read. */
export async function looksOf(
  bytes: Buffer,
): Promise<{ format: string; width: number; height: number; turned: boolean }> {
  const { format, width, height, orientation } = await sharp(bytes).metadata();
  await sharp(bytes).stats();
  return { format, width, height, turned: orientation !== undefined };
}
