/** The life of tasks: admission, dispatch, reports, deadlines. */
package io.davylamp.core.dispatch;
