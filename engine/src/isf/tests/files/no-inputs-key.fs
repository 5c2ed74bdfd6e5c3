/*{}*/ void main(){gl_FragColor=vec4(vec3(DATE.w/86400.),1.);}
