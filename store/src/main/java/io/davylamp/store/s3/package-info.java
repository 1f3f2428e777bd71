/** Blobs as objects in a bucket that speaks S3. Start with {@link io.davylamp.store.s3.S3Blobs}. */
package io.davylamp.store.s3;
