/** Makes the documentation site from the Markdown files of the repository. */
package io.davylamp.site;
