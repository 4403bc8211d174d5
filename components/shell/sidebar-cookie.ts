/** Cookie of the sidebar's state, `open` or `collapsed`; the layout reads it, so that nothing jumps on load. */
export const sidebarCookie = 'orrery_sidebar';
