/**
 * The domain: instances, tasks, assignments, recordings, queries. It speaks to the world through {@link
 * io.davylamp.core.store.Store} and {@link io.davylamp.core.store.Blobs} and knows no protocol.
 *
 * <p>Start with {@link io.davylamp.core.task.Tasks}, {@link io.davylamp.core.recording.Ingest} and {@link
 * io.davylamp.core.query.ProfileQuery}.
 */
package io.davylamp.core;
