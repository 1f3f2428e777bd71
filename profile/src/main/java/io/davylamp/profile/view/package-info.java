/** Questions put to profiles, and their answers: filters, merged trees, tables and time lines. Exact, whatever is merged in whatever order. */
package io.davylamp.profile.view;
