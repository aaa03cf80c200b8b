import sharp, { type Sharp } from 'sharp';

/** An image made ready to be shown. */
export interface ReadyImage {
  /** The image anew from its pixels: upright, without what cameras write into it, and nothing else besides. */
  bytes: Buffer;
  type: string;
  /** In pixels. */
  width: number;
  height: number;
  /** A smaller one, in WebP. */
  thumbnail: Buffer;
  /** A tiny one, in WebP, in base64. */
  preview: string;
}

/** Why there is none: more pixels than are taken, or no image that can be read. */
export type ImageRefusal = 'too large' | 'unreadable';

/** Pixels of an image, all of its frames together: as many as large cameras make. Decoded, 4 bytes each. */
const MAX_PIXELS = 50_000_000;

/** The thumbnail fits a square of these sides, in pixels: twice what it is shown at, for dense screens. */
const THUMBNAIL_SIDE = 800;

/** The same of the preview. */
const PREVIEW_SIDE = 20;

/** After which decoding is given up, in seconds. */
const PATIENCE_S = 20;

/** Frames of an animation that are kept. */
const MAX_FRAMES = 300;

// What is decoded once is rarely wanted again, and one image takes one core, however many there are.
sharp.cache(false);
sharp.concurrency(1);
// Other formats, of which libvips knows many, are not even tried.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
  ],
});

/**
 * Decodes an image and makes of it what is kept. Its size is known before its pixels are decoded, so a small file that
 * claims to be a huge image costs nothing.
 */
export async function makeImage(path: string): Promise<ReadyImage | ImageRefusal> {
  const input = { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true } as const;
  try {
    const { format, pages = 1, width, height, pageHeight } = await sharp(path, input).metadata();
    const frames = Math.min(pages, MAX_FRAMES);
    const animated = frames > 1 && (format === 'gif' || format === 'webp');
    if (width * (pageHeight ?? height) * (animated ? frames : 1) > MAX_PIXELS) return 'too large';
    const whole = sharp(path, animated ? { ...input, pages: frames } : input)
      .timeout({ seconds: PATIENCE_S })
      .autoOrient();
    const { data: bytes, info } = await encoded(whole, format).toBuffer({ resolveWithObject: true });
    const still = sharp(path, input).timeout({ seconds: PATIENCE_S }).autoOrient();
    const small = await still
      .clone()
      .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 78 })
      .toBuffer();
    const preview = await sharp(small)
      .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: 'inside' })
      .webp({ quality: 40 })
      .toBuffer();
    return {
      bytes,
      type: `image/${info.format}`,
      width: info.width,
      height: info.pageHeight ?? info.height,
      thumbnail: small,
      preview: preview.toString('base64'),
    };
  } catch (error) {
    return error instanceof Error && /pixel limit|too large|exceeds|timeout/i.test(error.message)
      ? 'too large'
      : 'unreadable';
  }
}

/** In its own format where browsers show that and it is quick to make; in WebP else. */
function encoded(image: Sharp, format: string | undefined): Sharp {
  if (format === 'jpeg') return image.jpeg({ quality: 90 });
  if (format === 'png') return image.png();
  return format === 'gif' ? image.gif() : image.webp({ quality: 88 });
}
