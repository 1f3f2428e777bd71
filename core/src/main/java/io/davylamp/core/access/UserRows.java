package io.davylamp.core.access;

import java.util.List;
import java.util.Optional;

/** Local users. */
public interface UserRows {
    /** @return false if there is one of that name */
    boolean insert(User user);

    /** @return false if there is none of that name */
    boolean update(User user);

    Optional<User> byName(String name);

    /** All of them, by name. */
    List<User> all();

    /** @return false if there is none of that name */
    boolean delete(String name);
}
