/**
 * The domain: instances, tasks, assignments, recordings, queries. It speaks to the world through {@link
 * io.davylamp.core.store.Store} and {@link io.davylamp.core.store.Blobs} and knows no protocol.
 *
 * <p>Start with {@link io.davylamp.core.dispatch.Tasks}, {@link io.davylamp.core.intake.Ingest} and {@link
 * io.davylamp.core.query.ProfileQuery}.
 */
package io.davylamp.core;
